import HTTPKit
import NIOCore

extension HeaderFields {
    /// Copies the lines of the fields for which `keep` holds to `buffer`, as they stand in their head.
    ///
    /// Fields that stay neighbours are copied together. The strict parser has checked every byte of the lines, so
    /// what is copied is what was understood.
    func copyLines(to buffer: inout ByteBuffer, where keep: (Entry) -> Bool) {
        let source = bytes.readableBytesUInt8Span
        var runStart: Int?
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
