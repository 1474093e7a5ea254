import Foundation
import NIOCore

/// Looks at the characters of a JSON text before anything is made of them.
///
/// Swift puts the combining marks of a run in order by insertion wherever it hashes or compares a string, and reading
/// JSON hashes every key, unknown ones too: a megabyte of marks would hold a thread for minutes. And what contains
/// U+0000 is a text that no database keeps.
enum JSONCharacters {
    /// What a request must not contain.
    enum Fault: Sendable, Hashable {
        case null
        case runOfMarks
    }

    /// The marks that may follow each other: as many as in the "stream-safe" text of UAX #15, section 13. No language
    /// needs more.
    static let marksMax = 30

    /// What is wrong with `json`: a run of marks where there is one, also where it is written as `\u0000` or `\u0301`; nil when nothing is.
    static func fault(in json: ByteBuffer) -> Fault? {
        // Plain ASCII without escapes, as nearly every body is.
        let isPlain = json.readableBytesView.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") }
        guard !isPlain else { return nil }
        var rest = String(buffer: json).unicodeScalars[...]
        var marks = 0
        var hasNull = false
        while let scalar = next(in: &rest) {
            hasNull = hasNull || scalar == "\0"
            marks = isMark(scalar) ? marks + 1 : 0
            guard marks <= marksMax else { return .runOfMarks }
        }
        return hasNull ? .null : nil
    }

    /// Where the first text of `json` with U+0000 is, such as `items[2].name`; nil when only a key has it, or when it
    /// cannot be read.
    static func fieldOfNull(in json: ByteBuffer) -> String? {
        let value = try? JSONSerialization.jsonObject(with: Data(json.readableBytesView), options: .fragmentsAllowed)
        return value.flatMap { pathOfNull(in: $0, at: "") }
    }

    private static func pathOfNull(in value: Any, at path: String) -> String? {
        switch value {
        case let text as String:
            return text.utf8.contains(0) ? path : nil
        case let list as [Any]:
            return list.indices.lazy.compactMap { pathOfNull(in: list[$0], at: "\(path)[\($0)]") }.first
        case let object as [String: Any]:
            let members = object.sorted { $0.key < $1.key }
            return members.lazy.compactMap { key, member in
                key.utf8.contains(0) ? nil : pathOfNull(in: member, at: path.isEmpty ? key : "\(path).\(key)")
            }.first
        default: return nil
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // The first of them all; below it are the letters of most texts.
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// The next character, read as JSON reads escapes.
    private static func next(in rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard let first = rest.popFirst() else { return nil }
        guard first == "\\", rest.popFirst() == "u", let unit = codeUnit(in: &rest) else { return first }
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) ?? first }
        var ahead = rest
        guard ahead.popFirst() == "\\", ahead.popFirst() == "u", let trail = codeUnit(in: &ahead),
            UTF16.isTrailSurrogate(trail)
        else { return first }
        rest = ahead
        return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)) ?? first
    }

    private static func codeUnit(in rest: inout Substring.UnicodeScalarView) -> UInt16? {
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else { return nil }
        rest = rest.dropFirst(4)
        return unit
    }
}
