import DatabaseKit

extension InventoryMigrations {
    /// What a reservation was cannot come back: nobody can leave `Active` twice and count its places twice, however the
    /// statement is written. A sale can end, and a hold that ended can still be sold or given back.
    static let guards = Migration(number: 9, name: "freed rows and final states") { dialect in
        let table = FreedRowTable.statements(dialect)
        let isForbidden = """
            (NEW.status = 'Active' AND OLD.status <> 'Active') \
            OR (OLD.status = 'Released' AND NEW.status <> 'Released') \
            OR (OLD.status = 'Confirmed' AND NEW.status = 'Expired')
            """
        switch dialect {
        case .sqlite:
            return table + [
                """
                CREATE TRIGGER states_are_final BEFORE UPDATE OF status ON reservations WHEN \(isForbidden)
                BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: states_are_final'); END
                """
            ]
        case .postgres:
            return table + [
                // A column that a trigger looks at has its collation for good.
                "ALTER TABLE reservations ALTER COLUMN status TYPE text COLLATE \"C\"",
                """
                CREATE FUNCTION refuse_state() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'the state of a reservation cannot come back'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'states_are_final', TABLE = 'reservations';
                END
                $$
                """,
                """
                CREATE TRIGGER states_are_final BEFORE UPDATE OF status ON reservations FOR EACH ROW
                WHEN (\(isForbidden)) EXECUTE FUNCTION refuse_state()
                """,
            ]
        }
    }
}
