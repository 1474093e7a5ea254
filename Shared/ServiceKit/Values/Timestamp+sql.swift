package import Contracts
package import DatabaseKit

/// Times are stored as integers of milliseconds, which both databases compare and index alike.
extension Timestamp: SQLValueConvertible {
    package var sqlValue: SQLValue { .integer(milliseconds) }
}

extension SQLRow {
    /// The moment in column `name`; throws ``DatabaseError/Code/decoding`` when there is none.
    package func timestamp(_ name: String) throws(DatabaseError) -> Timestamp {
        Timestamp(milliseconds: try int64(name))
    }

    /// The moment in column `name`, or nil where it is NULL.
    package func optionalTimestamp(_ name: String) throws(DatabaseError) -> Timestamp? {
        try optionalInt64(name).map(Timestamp.init(milliseconds:))
    }
}
