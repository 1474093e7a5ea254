import ServiceKit

/// Text made safe for a page.
enum HTMLText {
    /// `text` as the content of an element or of an attribute in quotation marks.
    static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.append(htmlEscaping: text)
        return result
    }

    /// One line of the little Markdown that descriptions use: `` `code` `` and `**strong**`.
    static func line(_ text: some StringProtocol) -> String {
        var result = ""
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            guard index.isMultiple(of: 2) else {
                result += "<code>\(escaped(part))</code>"
                continue
            }
            let pieces = String(part).split(separator: "**", omittingEmptySubsequences: false)
            for (index, piece) in pieces.enumerated() {
                result += index.isMultiple(of: 2) ? escaped(piece) : "<strong>\(escaped(piece))</strong>"
            }
        }
        return result
    }

    /// Paragraphs, which an empty line parts.
    static func paragraphs(_ text: String) -> String {
        String(text).split(separator: "\n\n").map { "<p>\(line($0))</p>" }.joined(separator: "\n")
    }
}
