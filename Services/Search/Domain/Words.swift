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
        // A scalar of one byte is looked at as a byte: most texts consist of these, and every search reads many.
        var isASCII = true
        var index = scalars.startIndex
        while true {
            var isInside = false
            if index < scalars.endIndex {
                let byte = text.utf8[index]
                isInside = byte < 0x80 ? isWordByte(byte) : isWordScalar(scalars[index])
                if isInside, byte >= 0x80 { isASCII = false }
            }
            if isInside {
                start = start ?? index
            } else if let first = start {
                append(text, first..<index, isASCII: isASCII, to: &words)
                start = nil
                isASCII = true
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

    private static func append(
        _ text: String, _ range: Range<String.Index>, isASCII: Bool, to words: inout [Word]
    ) {
        guard !isASCII else {
            let lowered = text.utf8[range].map { isCapital($0) ? $0 | 0x20 : $0 }
            words.append(Word(range: range, folded: String(decoding: lowered, as: UTF8.self)))
            return
        }
        let folded = fold(text[range])
        // A run of marks without a letter is no word.
        guard folded.unicodeScalars.contains(where: isLetterOrNumber) else { return }
        words.append(Word(range: range, folded: folded))
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isCapital(byte & ~0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
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
