extension JSONNode {
    /// The value as JSON, without any white space.
    var compactText: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// The value as JSON for people: two spaces a level, short arrays and objects in one line.
    var prettyText: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    /// What fits into one line of a page.
    private static let lineLength = 56

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .string(let string): Self.write(string, to: &text)
        case .number(let number): text += number
        case .bool(let bool): text += bool ? "true" : "false"
        case .null: text += "null"
        case .array(let elements):
            write(elements, between: "[", "]", to: &text, indentation) { element, text, indentation in
                element.write(to: &text, indentation: indentation)
            }
        case .object(let members):
            write(members, between: "{", "}", to: &text, indentation) { member, text, indentation in
                Self.write(member.name, to: &text)
                text += indentation == nil ? ":" : ": "
                member.value.write(to: &text, indentation: indentation)
            }
        }
    }

    private func write<Part>(
        _ parts: [Part], between open: String, _ close: String, to text: inout String, _ indentation: Int?,
        _ writePart: (Part, inout String, Int?) -> Void
    ) {
        guard let indentation, !parts.isEmpty, !isShort else {
            text += open
            for (index, part) in parts.enumerated() {
                if index > 0 { text += indentation == nil ? "," : ", " }
                writePart(part, &text, indentation)
            }
            text += close
            return
        }
        let inner = indentation + 2
        text += open
        for (index, part) in parts.enumerated() {
            text += (index > 0 ? ",\n" : "\n") + String(repeating: " ", count: inner)
            writePart(part, &text, inner)
        }
        text += "\n" + String(repeating: " ", count: indentation) + close
    }

    /// Whether the value fits into one line; an object of more than two members never does.
    private var isShort: Bool { members.count <= 2 && compactText.count <= Self.lineLength }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
