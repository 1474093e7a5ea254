import Foundation

/// Cuts text into words the way the index does, so that queries, corrections and highlights agree with it.
///
/// A word is a run of letters, digits and the marks that belong to them. Its folded form has no case and no
/// diacritics, and Latin letters that no decomposition takes apart are written as keyboards without them do:
/// `Beyoncé` folds to `beyonce`, `Łódź` to `lodz`, `Straße` to `strasse`.
enum Words {
    /// A word and where it stands in its text.
    struct Word: Sendable, Hashable {
        let range: Range<String.Index>
        let folded: String
    }

    /// The words of `text` in their order.
    static func words(in text: String) -> [Word] {
        var words: [Word] = []
        let scalars = text.unicodeScalars
        var start: String.Index?
        var index = scalars.startIndex
        while true {
            let isInside = index < scalars.endIndex && isWordScalar(scalars[index])
            if isInside {
                start = start ?? index
            } else if let first = start {
                append(text, first..<index, to: &words)
                start = nil
            }
            guard index < scalars.endIndex else { return words }
            index = scalars.index(after: index)
        }
    }

    /// The folded form of one word.
    static func fold(_ word: some StringProtocol) -> String {
        if word.utf8.allSatisfy({ $0 < 0x80 }) { return word.lowercased() }
        var folded = String.UnicodeScalarView()
        for scalar in word.decomposedStringWithCanonicalMapping.unicodeScalars
        where scalar.properties.generalCategory != .nonspacingMark {
            folded.append(scalar)
        }
        let lowered = String(folded).lowercased()
        guard lowered.unicodeScalars.contains(where: { spellings[$0] != nil }) else { return lowered }
        return lowered.unicodeScalars.map { spellings[$0] ?? String($0) }.joined()
    }

    /// How letters are written by those who do not have them.
    private static let spellings: [Unicode.Scalar: String] = [
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    ]

    private static func append(_ text: String, _ range: Range<String.Index>, to words: inout [Word]) {
        let folded = fold(text[range])
        // A run of marks without a letter is no word.
        guard folded.unicodeScalars.contains(where: isLetterOrNumber) else { return }
        words.append(Word(range: range, folded: folded))
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return isLetterOrNumber(scalar) }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: return true
        default: return isLetterOrNumber(scalar)
        }
    }

    private static func isLetterOrNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
