package import Contracts
package import DatabaseKit

extension SQLRow {
    /// The currency whose code is in column `name`; throws ``DatabaseError/Code/decoding`` for one not sold in.
    package func currency(_ name: String) throws(DatabaseError) -> Currency {
        guard let currency = Currency(code: try string(name)) else {
            throw DatabaseError(.decoding, "column \"\(name)\" holds no currency that is sold in")
        }
        return currency
    }
}
