package import Contracts
package import Logging

/// Writes log lines as text for people or as JSON for machines.
///
/// Values under names that suggest a secret are not written, whatever a caller passes by mistake.
package struct ServiceLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let sink: LogSink
    private let clock: any WallClock

    package init(
        label: String, level: Logger.Level, format: LogFormat, sink: LogSink, clock: any WallClock = SystemClock()
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error { merged["error"] = "\(error)" }
        let pairs = merged.map { ($0.key, Self.text($0.value, named: $0.key)) }.sorted { $0.0 < $1.0 }
        var line: [UInt8] = []
        line.reserveCapacity(200)
        switch format {
        case .text: writeText(event, pairs, &line)
        case .json: writeJSON(event, pairs, &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink.write(line)
    }

    private func writeText(_ event: LogEvent, _ pairs: [(String, String)], _ line: inout [UInt8]) {
        line.append(contentsOf: "\(clock.now()) \(event.level.rawValue.uppercased()) \(label): ".utf8)
        Self.appendOneLine(event.message.description, to: &line)
        for (name, value) in pairs {
            line.append(contentsOf: " \(name)=".utf8)
            if value.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }) {
                JSONText.append(value, to: &line)
            } else {
                line.append(contentsOf: value.utf8)
            }
        }
    }

    private func writeJSON(_ event: LogEvent, _ pairs: [(String, String)], _ line: inout [UInt8]) {
        let head = #"{"time":"\#(clock.now())","level":"\#(event.level.rawValue)","service":"#
        line.append(contentsOf: head.utf8)
        JSONText.append(label, to: &line)
        line.append(contentsOf: #","message":"#.utf8)
        JSONText.append(event.message.description, to: &line)
        for (name, value) in pairs {
            line.append(UInt8(ascii: ","))
            JSONText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            JSONText.append(value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    /// A message with line breaks would let one request write lines that look like others'.
    private static func appendOneLine(_ text: String, to line: inout [UInt8]) {
        for byte in text.utf8 { line.append(byte < 0x20 ? UInt8(ascii: " ") : byte) }
    }

    private static let secretNames = ["authorization", "password", "secret", "token", "cardnumber", "cvv", "apikey"]

    private static func text(_ value: Logger.Metadata.Value, named name: String) -> String {
        let lowercased = name.lowercased()
        return secretNames.contains(where: lowercased.contains) ? "[redacted]" : value.description
    }
}
