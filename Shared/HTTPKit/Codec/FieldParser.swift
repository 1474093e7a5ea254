/// Parses the lines of fields of a head or of a trailer section, strictly.
enum FieldParser {
    /// More lines than any honest message has.
    static let fieldsMax = 128

    /// The fields of the lines from `start` up to the empty line that must end `bytes`.
    ///
    /// The scanner has seen that empty line, so every search below ends at a line end at the latest.
    static func parse(
        _ bytes: Span<UInt8>, from start: Int, into entries: inout [HeaderFields.Entry]
    ) throws(HTTPSyntaxError) {
        var index = start
        while bytes[index] != HTTPSyntax.carriageReturn {
            guard entries.count < fieldsMax else { throw .tooManyFields }
            let name = try parseName(bytes, at: index)
            let value = try parseValue(bytes, at: name.upperBound + 1, nextLine: &index)
            entries.append(HeaderFields.Entry(name: name, value: value, id: .identify(bytes, name)))
        }
        guard index + 2 == bytes.count, bytes[index + 1] == HTTPSyntax.lineFeed else { throw .fieldNameInvalid }
    }

    private static func parseName(_ bytes: Span<UInt8>, at start: Int) throws(HTTPSyntaxError) -> Range<Int> {
        var index = start
        while HTTPSyntax.isToken(bytes[index]) { index += 1 }
        let byte = bytes[index]
        if byte == HTTPSyntax.colon, index > start { return start..<index }
        let isBlank = byte == HTTPSyntax.space || byte == HTTPSyntax.tab
        if isBlank { throw index == start ? .obsoleteFolding : .whitespaceBeforeColon }
        throw .fieldNameInvalid
    }

    /// The value without the white space around it; `nextLine` is moved past its line end.
    private static func parseValue(
        _ bytes: Span<UInt8>, at start: Int, nextLine: inout Int
    ) throws(HTTPSyntaxError) -> Range<Int> {
        var first = start
        while bytes[first] == HTTPSyntax.space || bytes[first] == HTTPSyntax.tab { first += 1 }
        var index = first
        while HTTPSyntax.isFieldValue(bytes[index]) { index += 1 }
        guard bytes[index] == HTTPSyntax.carriageReturn, bytes[index + 1] == HTTPSyntax.lineFeed else {
            throw .fieldValueInvalid
        }
        nextLine = index + 2
        var end = index
        while end > first, bytes[end - 1] == HTTPSyntax.space || bytes[end - 1] == HTTPSyntax.tab { end -= 1 }
        return first..<end
    }
}
