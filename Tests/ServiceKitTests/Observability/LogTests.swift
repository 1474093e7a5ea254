import Foundation
import Logging
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct LogTests {
    private func lines(_ format: LogFormat, _ body: (Logger) -> Void) throws -> [String] {
        let directory = try TemporaryDirectory("log")
        let sink = try LogSink(file: directory.file("log"), standardOutput: false)
        let logger = Logger(label: "auth") { label in
            ServiceLogHandler(label: label, level: .info, format: format, sink: sink, clock: ManualClock())
        }
        body(logger)
        let data = try Data(contentsOf: URL(fileURLWithPath: directory.file("log")))
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a text line has time, level, service, message and sorted pairs`() throws {
        let lines = try lines(.text) { logger in
            logger.info("signed in", metadata: ["user": "u 1", "event": "e"])
            logger.debug("not shown")
        }
        #expect(lines == [#"2026-01-01T00:00:00.000Z INFO auth: signed in event=e user="u 1""#])
    }

    @Test func `a JSON line is one object`() throws {
        struct Line: Decodable, Equatable {
            let time, level, service, message, traceId: String
        }
        let lines = try lines(.json) { $0.error("broken \"pipe\"\n", metadata: ["traceId": "abc"]) }
        let line = try JSONDecoder().decode(Line.self, from: Data(lines[0].utf8))
        let expected = Line(
            time: "2026-01-01T00:00:00.000Z", level: "error", service: "auth", message: "broken \"pipe\"\n",
            traceId: "abc")
        #expect(line == expected)
    }

    @Test func `one call writes one line, whatever the message holds`() throws {
        let lines = try lines(.text) { $0.info("first\n2026-01-01T00:00:00.000Z ERROR auth: forged") }
        #expect(lines.count == 1)
    }

    @Test(arguments: LogFormat.allCases) func `values under secret names are not written`(format: LogFormat) throws {
        let metadata: Logger.Metadata = [
            "accessToken": "eyJ", "Authorization": "Bearer eyJ", "password": "hunter2", "cardNumber": "4242",
            "cvv": "1",
        ]
        let line = try #require(try lines(format) { $0.info("x", metadata: metadata) }.first)
        for secret in ["eyJ", "hunter2", "4242"] { #expect(!line.contains(secret)) }
    }

    @Test func `a log file that cannot be opened is a clear error`() {
        let error = #expect(throws: SettingsError.self) { try LogSink(file: "/nowhere/log") }
        #expect(error?.description.contains("LOG_FILE: cannot open '/nowhere/log'") == true)
    }
}
