/// Makes texts compare byte by byte, as SQLite does, whatever the locale that the database was created with.
///
/// Pages of sorted results and ranges of keys would differ between the two databases otherwise, and between two servers
/// with different versions of a locale. Done by the migrator rather than in every migration's text, so that no column
/// can be forgotten.
enum PostgresCollation {
    /// The columns of the schema, by table, that compare by the database's locale. One that a generated column is made
    /// of cannot be changed any more and stays as its migration declared it.
    private static let localized = """
        SELECT c.oid::regclass::text AS table_name,
            string_agg(format('ALTER COLUMN %I TYPE %s COLLATE "C"', a.attname,
                format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS actions
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_collation l ON l.oid = a.attcollation AND l.collname = 'default'
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attgenerated = ''
            AND NOT EXISTS (
                SELECT 1 FROM pg_depend d
                JOIN pg_attrdef g ON d.classid = 'pg_attrdef'::regclass AND g.oid = d.objid
                JOIN pg_attribute made ON made.attrelid = g.adrelid AND made.attnum = g.adnum
                WHERE d.refobjid = c.oid AND d.refobjsubid = a.attnum AND made.attgenerated <> '')
        GROUP BY c.oid
        ORDER BY 1
        """

    /// Changes the columns that are left to the locale, in the transaction of the migration that made them.
    static func apply(_ session: any SQLSession) throws {
        for row in try session.query(localized) {
            try session.execute("ALTER TABLE \(try row.string("table_name")) \(try row.string("actions"))")
        }
    }
}
