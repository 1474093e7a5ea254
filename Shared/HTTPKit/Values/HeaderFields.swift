package import NIOCore

/// The header fields of a message: an ordered multimap from names, compared without case, to values.
///
/// The fields stay as the bytes they have on the wire, with the places of names and values beside them. Parsing makes
/// no strings, a lookup makes one, and sending copies bytes.
package struct HeaderFields: Sendable {
    /// The place of one field in `bytes`.
    package struct Entry: Sendable {
        let nameStart: UInt32
        let nameEnd: UInt32
        let valueStart: UInt32
        let valueEnd: UInt32
        package let id: FieldID

        init(name: Range<Int>, value: Range<Int>, id: FieldID) {
            nameStart = UInt32(truncatingIfNeeded: name.lowerBound)
            nameEnd = UInt32(truncatingIfNeeded: name.upperBound)
            valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
            valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
            self.id = id
        }

        package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    }

    /// The bytes that the entries point into; its reader index is 0.
    package private(set) var bytes: ByteBuffer
    /// The fields in the order of the message.
    package private(set) var entries: [Entry]

    /// No fields.
    package init() {
        bytes = ByteBuffer()
        entries = []
    }

    /// The fields that `entries` found in `bytes`.
    init(bytes: ByteBuffer, entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// Appends a field; others of its name stay.
    package mutating func add(_ name: String, _ value: String) {
        let nameStart = bytes.writerIndex
        bytes.writeString(name)
        let nameEnd = bytes.writerIndex
        bytes.writeStaticString(": ")
        let valueStart = bytes.writerIndex
        bytes.writeString(value)
        let valueEnd = bytes.writerIndex
        bytes.writeStaticString("\r\n")
        let id = FieldID.identify(bytes.readableBytesUInt8Span, nameStart..<nameEnd)
        entries.append(Entry(name: nameStart..<nameEnd, value: valueStart..<valueEnd, id: id))
    }

    /// Makes `value` the only value of the field.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Removes every field of that name.
    package mutating func remove(_ name: String) {
        guard contains(name) else { return }
        let source = bytes
        entries.removeAll { Self.isNamed(source, $0, name) }
    }

    /// The value of the first field of that name.
    package func first(_ name: String) -> String? {
        for entry in entries where Self.isNamed(bytes, entry, name) { return text(entry.value) }
        return nil
    }

    /// The values of all fields of that name, in order.
    package func all(_ name: String) -> [String] {
        entries.compactMap { Self.isNamed(bytes, $0, name) ? text($0.value) : nil }
    }

    /// Whether there is a field of that name.
    package func contains(_ name: String) -> Bool {
        entries.contains { Self.isNamed(bytes, $0, name) }
    }

    /// The value of the first field with that identity.
    package func first(_ id: FieldID) -> Entry? {
        for entry in entries where entry.id == id { return entry }
        return nil
    }

    /// The bytes at `range` as text.
    package func text(_ range: Range<Int>) -> String {
        bytes.getString(at: range.lowerBound, length: range.count) ?? ""
    }

    /// Appends `name: value` lines to `buffer`.
    package func write(to buffer: inout ByteBuffer) {
        let source = bytes.readableBytesUInt8Span
        for entry in entries {
            buffer.writeBytes(source.extracting(entry.name).bytes)
            buffer.writeStaticString(": ")
            buffer.writeBytes(source.extracting(entry.value).bytes)
            buffer.writeStaticString("\r\n")
        }
    }

    /// Whether every name is a token and no value can end its line: what must hold before they are sent.
    package var areWellFormed: Bool {
        let source = bytes.readableBytesUInt8Span
        for entry in entries {
            guard !entry.name.isEmpty else { return false }
            for index in entry.name where !HTTPSyntax.isToken(source[index]) { return false }
            for index in entry.value where !HTTPSyntax.isFieldValue(source[index]) { return false }
        }
        return true
    }

    private static func isNamed(_ bytes: ByteBuffer, _ entry: Entry, _ name: String) -> Bool {
        guard Int(entry.nameEnd - entry.nameStart) == name.utf8.count else { return false }
        let source = bytes.readableBytesUInt8Span
        var index = Int(entry.nameStart)
        for byte in name.utf8 {
            guard HTTPSyntax.lowercased(source[index]) == HTTPSyntax.lowercased(byte) else { return false }
            index += 1
        }
        return true
    }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension HeaderFields: Sequence {
    /// The fields as pairs of strings, in order.
    package func makeIterator() -> AnyIterator<(name: String, value: String)> {
        var next = entries.makeIterator()
        return AnyIterator {
            next.next().map { (name: text($0.name), value: text($0.value)) }
        }
    }
}

extension HeaderFields: Equatable {
    /// Whether both have the same fields in the same order; names compare without case.
    package static func == (left: HeaderFields, right: HeaderFields) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { $0.name.lowercased() == $1.name.lowercased() && $0.value == $1.value }
    }
}
