import HTTPKit
import NIOCore

extension HeaderFields {
    /// Copies the lines of the fields for which `keep` holds to `buffer`, as they stand in their head.
    ///
    /// Fields that stay neighbours are copied together, mostly all of them at once. The strict parser has checked every
    /// byte of the lines, so what is copied is what was understood.
    ///
    /// - Parameter includesFirstLine: whether the first line of the head is copied too
    func copyLines(to buffer: inout ByteBuffer, includesFirstLine: Bool, where keep: (Entry) -> Bool) {
        let source = bytes.readableBytesUInt8Span
        var runStart: Int? = includesFirstLine ? 0 : nil
        for entry in entries {
            if keep(entry) {
                if runStart == nil { runStart = entry.name.lowerBound }
            } else if let start = runStart {
                buffer.writeBytes(source.extracting(start..<entry.name.lowerBound).bytes)
                runStart = nil
            }
        }
        if let start = runStart { buffer.writeBytes(source.extracting(start..<source.count - 2).bytes) }
    }
}
