/// Texts of libpq for people.
enum PostgresText {
    /// The first line of a message, which may have several.
    static func firstLine(_ message: UnsafePointer<CChar>?) -> String {
        let text = message.map { String(cString: $0) } ?? ""
        return text.split(separator: "\n").first.map(String.init) ?? "no reason was given"
    }
}
