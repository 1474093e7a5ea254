/// One numbered step of a schema, applied once and never edited afterwards.
package struct Migration: Sendable {
    /// The place in the order, from 1; numbers are strictly ascending.
    package let number: Int

    /// A short name for people and logs.
    package let name: String

    /// The statements, one SQL statement each, for a dialect.
    package let statements: @Sendable (SQLDialect) -> [String]

    /// A migration that runs `statements` in their order.
    package init(number: Int, name: String, statements: @escaping @Sendable (SQLDialect) -> [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    /// A fingerprint of the statements, to notice that an applied migration was edited (FNV-1a, 64 bits: it guards
    /// against mistakes, not against malice).
    func checksum(_ dialect: SQLDialect) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in statements(dialect) {
            for byte in statement.utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
            // The end of a statement counts, so that moving a boundary changes the sum.
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
