/// Pieces of SQL for lists whose length varies within a small bound, so that each length is one cached statement.
enum SQLList {
    /// `$3,$4,$5` for three parameters after the second.
    static func parameters(_ count: Int, after bound: Int = 0) -> String {
        (0..<count).map { "$\(bound + $0 + 1)" }.joined(separator: ",")
    }
}
