/// What the services of a stage keep their data in.
enum StageDatabase: String {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    /// What the names of benchmarks end with: nothing for the database that is the default.
    var suffix: String {
        switch self {
        case .sqlite: ""
        case .postgres: "-PG"
        }
    }
}
