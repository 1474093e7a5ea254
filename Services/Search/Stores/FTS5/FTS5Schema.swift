/// The full-text tables of a copy on SQLite.
///
/// They keep no texts (`content=''`): what was indexed is made again from the stored event when it has to be forgotten.
/// A row's id is the facet group in its upper half and the document's serial number in its lower one, so that matches
/// are counted by city and category without a look at any other table.
enum FTS5Schema {
    static func statements(_ tables: CopyTables) -> [String] {
        [
            """
            CREATE VIRTUAL TABLE \(tables.texts) USING fts5(
                title, artist, venue, city, category, description, content='',
                tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')
            """,
            "CREATE VIRTUAL TABLE \(tables.words) USING fts5vocab('\(tables.texts)', 'row')",
            "CREATE TABLE \(tables.terms) (id INTEGER NOT NULL PRIMARY KEY, term TEXT NOT NULL UNIQUE)",
            "CREATE VIRTUAL TABLE \(tables.termTrigrams) USING fts5(term, content='', tokenize='trigram')",
        ]
    }

    /// The row id of a document.
    static func rowID(group: Int64, serial: Int64) -> Int64 { group << 32 | serial }

    /// The facet group of a row of `tables`' texts, in SQL.
    static func group(_ tables: CopyTables) -> String { "(\(tables.texts).rowid >> 32)" }

    /// The serial number of a row of `tables`' texts, in SQL.
    static func serial(_ tables: CopyTables) -> String { "(\(tables.texts).rowid & 4294967295)" }
}
