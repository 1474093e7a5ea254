import Foundation

/// The part of a Markdown file that a run replaces, between two marks; the rest is written by people.
struct MarkedSection {
    let path: String

    static let begin = "<!-- bench: begin -->"
    static let end = "<!-- bench: end -->"

    /// Puts `text` between the marks of the file; makes the file, or appends the marks, where they are absent.
    func replace(with text: String) throws {
        let exists = FileManager.default.fileExists(atPath: path)
        let old = exists ? try String(contentsOfFile: path, encoding: .utf8) : ""
        try Self.replacing(in: old, with: text).write(toFile: path, atomically: true, encoding: .utf8)
    }

    static func replacing(in old: String, with text: String) -> String {
        let section = "\(begin)\n\(text)\n\(end)"
        guard let start = old.range(of: begin), let stop = old.range(of: end, range: start.upperBound..<old.endIndex)
        else { return old + (old.isEmpty || old.hasSuffix("\n") ? "" : "\n") + section + "\n" }
        return old.replacingCharacters(in: start.lowerBound..<stop.upperBound, with: section)
    }
}
