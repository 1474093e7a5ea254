import Contracts

/// Reads single fields of a form and collects what is wrong with them.
///
/// A faulty field reads as a harmless stand-in, so that the fields after it are checked as well.
struct FormReader {
    private(set) var errors: [FieldError] = []

    mutating func refuse(_ field: String, _ message: String) {
        guard errors.count < EventLimits.errorsMax else { return }
        errors.append(FieldError(field, message))
    }

    /// A text that must be there, without the space around it.
    mutating func text(_ value: String?, _ field: String, max: Int) -> String {
        guard let text = optionalText(value, field, max: max) else {
            if value == nil { refuse(field, "is required") } else { refuse(field, "must not be empty") }
            return ""
        }
        return text
    }

    /// A text that may be left out; an empty one counts as left out.
    mutating func optionalText(_ value: String?, _ field: String, max: Int) -> String? {
        guard let value else { return nil }
        let text = value.trimmed
        if text.unicodeScalars.count > max {
            refuse(field, "must have at most \(max) characters")
        } else if text.unicodeScalars.contains(where: \.isForbiddenControl) {
            refuse(field, "must not contain control characters")
        }
        return text.isEmpty ? nil : text
    }

    /// A moment that must be there.
    mutating func time(_ value: String?, _ field: String) -> Timestamp? {
        if value == nil { refuse(field, "is required") }
        return optionalTime(value, field)
    }

    mutating func optionalTime(_ value: String?, _ field: String) -> Timestamp? {
        guard let value else { return nil }
        guard let time = Timestamp(rfc3339: value) else {
            refuse(field, "must be an RFC 3339 time such as 2026-01-31T19:30:00Z")
            return nil
        }
        return time
    }

    mutating func number(_ value: Int?, _ field: String, in range: ClosedRange<Int>, default standard: Int?) -> Int {
        guard let value = value ?? standard else {
            refuse(field, "is required")
            return range.lowerBound
        }
        if !range.contains(value) {
            refuse(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of the raw values of `Choice`; nil when the field is absent or names none of them.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: String?, _ field: String, among choices: [Choice] = Array(Choice.allCases)
    ) -> Choice? {
        guard let value else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == value }) else {
            refuse(field, "must be one of: \(choices.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension Unicode.Scalar {
    /// Controls other than tab and line ends have no place in a text that people read.
    fileprivate var isForbiddenControl: Bool {
        properties.generalCategory == .control && self != "\n" && self != "\r" && self != "\t"
    }
}
