/// A statement with its parameters, on its way to the server.
struct PostgresRequest {
    let sql: String
    let parameters: PostgresParameters

    /// A statement without parameters.
    init(sql: String) {
        self.sql = sql
        parameters = .none
    }

    /// Throws for a parameter that PostgreSQL cannot take.
    init(sql: String, parameters values: [any SQLValueConvertible]) throws(DatabaseError) {
        self.sql = sql
        parameters = try PostgresParameters(values, sql: sql)
    }
}
