/// A JSON value that keeps its members in the order they were written, so that a merged document reads as its parts.
///
/// Numbers stay the text they were: what is served is what was written, digit by digit.
indirect enum JSONNode: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let name: String
        var value: JSONNode
    }

    case object([Member])
    case array([JSONNode])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    /// The value of a member; nil when this is no object or has none of that name.
    subscript(name: String) -> JSONNode? {
        members.first { $0.name == name }?.value
    }

    /// Sets a member, at its place or at the end; does nothing to what is no object.
    mutating func set(_ name: String, _ value: JSONNode) {
        guard case .object(var members) = self else { return }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = value
        } else {
            members.append(Member(name: name, value: value))
        }
        self = .object(members)
    }

    /// The members of an object; none for anything else.
    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The elements of an array; none for anything else.
    var elements: [JSONNode] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The text of a string.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of an integer.
    var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The strings of an array.
    var strings: [String] { elements.compactMap(\.string) }

    var isTrue: Bool { self == .bool(true) }

    /// An object with these members, in this order.
    static func members(_ members: (String, JSONNode)...) -> JSONNode {
        .object(members.map { Member(name: $0.0, value: $0.1) })
    }
}
