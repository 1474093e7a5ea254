/// What is wrong with a text that should be JSON.
struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// How many bytes of the text were read.
    let offset: Int

    var description: String { "not JSON at byte \(offset)" }
}

extension JSONNode {
    /// Reads one value from all of `bytes`, by RFC 8259; a name may occur once in an object.
    init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.document()
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var offset = 0
    var depth = 0

    private static let depthMax = 64

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONSyntaxError) -> JSONNode {
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw error }
        return value
    }

    private var error: JSONSyntaxError { JSONSyntaxError(offset: offset) }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    /// Takes `expected` after white space, if it is there.
    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: expected) else { return false }
        offset += 1
        return true
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw error }
        if take("{") { return try object() }
        if take("[") { return try array() }
        if take("\"") { return .string(try string()) }
        for (word, value) in [("true", JSONNode.bool(true)), ("false", .bool(false)), ("null", .null)]
        where bytes[offset...].starts(with: word.utf8) {
            offset += word.utf8.count
            return value
        }
        return .number(try number())
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONNode {
        var members: [JSONNode.Member] = []
        if take("}") { return .object(members) }
        repeat {
            guard take("\"") else { throw error }
            let name = try string()
            guard take(":"), !members.contains(where: { $0.name == name }) else { throw error }
            members.append(JSONNode.Member(name: name, value: try value()))
        } while take(",")
        guard take("}") else { throw error }
        return .object(members)
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONNode {
        var elements: [JSONNode] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value()) } while take(",")
        guard take("]") else { throw error }
        return .array(elements)
    }

    /// The rest of a string, behind its quotation mark.
    private mutating func string() throws(JSONSyntaxError) -> String {
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw error }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error
            default: text.append(byte)
            }
        }
        throw error
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = next else { throw error }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"): text.append(contentsOf: try codePoint())
        default: throw error
        }
    }

    /// A character of the basic plane; others are written as they are in these documents.
    private mutating func codePoint() throws(JSONSyntaxError) -> [UInt8] {
        guard offset + 4 <= bytes.count,
            let digits = String(validating: bytes[offset..<offset + 4], as: UTF8.self),
            let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number)
        else { throw error }
        offset += 4
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = offset
        while let byte = next, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        let hasLeadingZero = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
        guard digits.first?.isNumber == true, !hasLeadingZero, Double(text) != nil, text.last?.isNumber == true else {
            throw error
        }
        return text
    }
}
