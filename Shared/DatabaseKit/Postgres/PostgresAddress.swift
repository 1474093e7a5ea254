import CLibPQ

/// Where a PostgreSQL database is and who asks for it, taken from a URL.
///
/// It holds the password, which appears in no text made from it.
struct PostgresAddress: Sendable, CustomStringConvertible {
    /// What a URL must look like.
    static let form = "postgres://USER:PASSWORD@HOST:PORT/DATABASE"

    /// libpq's settings by name.
    let parameters: [String: String]

    /// Reads `url`; throws ``DatabaseError/Code/notOpen``, without showing any part of it, when libpq cannot.
    init(_ url: String) throws(DatabaseError) {
        let malformed = DatabaseError(.notOpen, "the database's URL cannot be read: write \(Self.form)")
        guard Self.isPostgres(url), let options = PQconninfoParse(url, nil) else { throw malformed }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        guard parameters["dbname"] != nil else {
            throw DatabaseError(.notOpen, "the database's URL names no database: write \(Self.form)")
        }
        self.parameters = parameters
    }

    /// Whether `url` is meant for PostgreSQL.
    static func isPostgres(_ url: String) -> Bool {
        url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
    }

    /// `host:port/database`.
    var description: String {
        let host = parameters["host"] ?? "localhost"
        return "\(host):\(parameters["port"] ?? "5432")/\(parameters["dbname"] ?? "")"
    }

    /// The settings to connect with as `name`: those of the URL, and ours where it is silent.
    func settings(name: String) -> [String: String] {
        let ours = [
            "client_encoding": "UTF8",
            "fallback_application_name": "holdfast-" + name,
            // A host that is gone is noticed within about 25 seconds, one that acknowledges nothing within 15.
            "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
            "tcp_user_timeout": "15000",
        ]
        return ours.merging(parameters) { _, given in given }.merging(["client_encoding": "UTF8"]) { $1 }
    }
}
