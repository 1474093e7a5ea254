import NIOCore

extension HeaderFields {
    /// Whether a Connection field lists `option` (in lower case ASCII).
    package func connectionNames(_ option: StaticString) -> Bool {
        let span = bytes.readableBytesUInt8Span
        var found = false
        for entry in entries where entry.id == .connection {
            Self.forEachElement(span, entry.value) { element in
                if HTTPSyntax.equals(bytes.readableBytesUInt8Span, element, option) { found = true }
            }
        }
        return found
    }

    /// Whether a Connection field lists the name of `field`, which then belongs to this hop only.
    package func connectionNames(fieldAt name: Range<Int>) -> Bool {
        var found = false
        for entry in entries where entry.id == .connection {
            Self.forEachElement(bytes.readableBytesUInt8Span, entry.value) { element in
                if HTTPSyntax.equals(bytes.readableBytesUInt8Span, element, name) { found = true }
            }
        }
        return found
    }

    /// Whether a Connection field says more than the `close` and `keep-alive` that nearly all of them say.
    package var connectionNamesFields: Bool {
        var found = false
        for entry in entries where entry.id == .connection {
            Self.forEachElement(bytes.readableBytesUInt8Span, entry.value) { element in
                let span = bytes.readableBytesUInt8Span
                let isCommon =
                    HTTPSyntax.equals(span, element, "close") || HTTPSyntax.equals(span, element, "keep-alive")
                if !isCommon { found = true }
            }
        }
        return found
    }

    /// Calls `body` with each element of a comma-separated list, without the white space around it.
    private static func forEachElement(_ bytes: Span<UInt8>, _ value: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = value.lowerBound
        var index = start
        while index <= value.upperBound {
            if index == value.upperBound || bytes[index] == HTTPSyntax.comma {
                var (first, last) = (start, index)
                while first < last, bytes[first] == HTTPSyntax.space || bytes[first] == HTTPSyntax.tab { first += 1 }
                while last > first, bytes[last - 1] == HTTPSyntax.space || bytes[last - 1] == HTTPSyntax.tab {
                    last -= 1
                }
                if first < last { body(first..<last) }
                start = index + 1
            }
            index += 1
        }
    }
}
