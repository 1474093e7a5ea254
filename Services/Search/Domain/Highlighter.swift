import ServiceKit

/// Shows where the found words stand in an event.
struct Highlighter: Sendable {
    let matched: [MatchedWord]

    /// Longest excerpt of a description, in words.
    private static let excerptWords = 30
    /// How many words an excerpt has before its first found word.
    private static let excerptLead = 8

    /// The fields that can be highlighted, in the order of their names.
    static let fieldNames: [StaticString] = ["artist", "category", "city", "description", "title", "venue"]

    /// Field name to text, for each field that has a found word.
    func highlights(of event: EventTexts) -> [String: String] {
        guard !matched.isEmpty else { return [:] }
        var highlights: [String: String] = [:]
        let fields = [
            ("title", event.title), ("artist", event.artist), ("venue", event.venue), ("city", event.city),
            ("category", event.category),
        ]
        for (name, text) in fields {
            if let marked = mark(text) { highlights[name] = marked }
        }
        if let excerpt = excerpt(event.description) { highlights["description"] = excerpt }
        return highlights
    }

    /// All of `text`, HTML-escaped, with the found words between `<em>` and `</em>`; nil when there is none.
    func mark(_ text: String) -> String? {
        let found = Words.words(in: text).filter(isFound)
        guard !found.isEmpty else { return nil }
        return render(text, text.startIndex..<text.endIndex, found)
    }

    /// The part of `text` around its first found word; nil when there is none.
    func excerpt(_ text: String) -> String? {
        let words = Words.words(in: text)
        guard let first = words.firstIndex(where: isFound) else { return nil }
        let start = max(0, min(first - Self.excerptLead, words.count - Self.excerptWords))
        let end = min(words.count, start + Self.excerptWords)
        let lower = start == 0 ? text.startIndex : words[start].range.lowerBound
        let upper = end == words.count ? text.endIndex : words[end - 1].range.upperBound
        let body = render(text, lower..<upper, words[start..<end].filter(isFound))
        return (start == 0 ? "" : "…") + body + (end == words.count ? "" : "…")
    }

    private func isFound(_ word: Words.Word) -> Bool {
        matched.contains { $0.matches(word.folded) }
    }

    private func render(_ text: String, _ range: Range<String.Index>, _ found: [Words.Word]) -> String {
        var output = ""
        var position = range.lowerBound
        for word in found {
            output.append(htmlEscaping: text[position..<word.range.lowerBound])
            output += "<em>"
            output.append(htmlEscaping: text[word.range])
            output += "</em>"
            position = word.range.upperBound
        }
        output.append(htmlEscaping: text[position..<range.upperBound])
        return output
    }
}
