extension SQLRow {
    /// The enumeration value whose raw text is in column `name`; throws ``DatabaseError/Code/decoding`` for another.
    package func choice<Choice: RawRepresentable<String>>(_ name: String) throws(DatabaseError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else {
            throw DatabaseError(.decoding, "column \"\(name)\" holds no \(Choice.self)")
        }
        return choice
    }
}
