/// Finds where a head ends while its bytes arrive.
///
/// It remembers how far it has looked, so a peer that sends one byte at a time costs one look at each byte, and it
/// refuses a head that grows past its limits before the end has come.
struct HeadScanner: Sendable {
    let firstLineBytesMax: Int
    let headBytesMax: Int

    private var scanned = 0
    private var lineStart = 0
    private var firstLineIsComplete = false

    init(headBytesMax: Int, firstLineBytesMax: Int? = nil) {
        self.headBytesMax = headBytesMax
        self.firstLineBytesMax = firstLineBytesMax ?? .max
    }

    /// The length of the head with its empty last line, nil when more bytes are needed.
    ///
    /// `bytes` begin where the head begins, and each call sees at least what the call before saw.
    mutating func scan(_ bytes: Span<UInt8>) throws(HTTPSyntaxError) -> Int? {
        var index = scanned
        let end = min(bytes.count, headBytesMax)
        while index < end {
            guard bytes[index] == HTTPSyntax.lineFeed else {
                index += 1
                continue
            }
            guard index > lineStart, bytes[index - 1] == HTTPSyntax.carriageReturn else { throw .bareLineFeed }
            index += 1
            if index - lineStart == 2 { return index }
            if !firstLineIsComplete, index - 2 > firstLineBytesMax { throw .firstLineTooLong }
            firstLineIsComplete = true
            lineStart = index
        }
        scanned = index
        if !firstLineIsComplete, bytes.count - 2 > firstLineBytesMax { throw .firstLineTooLong }
        if bytes.count >= headBytesMax { throw .headTooLong }
        return nil
    }
}
