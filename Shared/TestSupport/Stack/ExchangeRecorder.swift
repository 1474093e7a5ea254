import Checker
import Contracts
import Foundation
import HTTPKit
import NIOCore
import Synchronization

/// Writes down what a stack's gateway was asked and what it answered, for the check against the specification.
///
/// One JSON object a line, in a file of this process in the folder that `HOLDFAST_EXCHANGES` names. Who asked is never
/// written: no header of a request is. Bodies are, and hold only secrets of a stack that ends with its test.
final class ExchangeRecorder: Sendable {
    /// The recorder of this process; nil where nobody wants one.
    static let shared: ExchangeRecorder? = {
        guard let folder = ProcessInfo.processInfo.environment["HOLDFAST_EXCHANGES"], !folder.isEmpty else {
            return nil
        }
        return ExchangeRecorder(folder: folder)
    }()

    private struct Line: Encodable {
        let method: String
        let target: String
        let requestBody: String?
        let status: Int
        let headers: [String: String]
        let body: String
    }

    /// Larger bodies of requests are there to be refused, and say nothing more.
    private static let requestBytesMax = 65_536

    private let file: Mutex<FileHandle>

    /// Nil, with a word on the standard error, when the folder cannot be written: the check then finds too little.
    private init?(folder: String) {
        let path = "\(folder)/\(ProcessInfo.processInfo.processIdentifier).jsonl"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else {
            FileHandle.standardError.write(Data("cannot record exchanges in \(folder)\n".utf8))
            return nil
        }
        self.file = Mutex(file)
    }

    /// Appends an exchange.
    func record(_ exchange: APIExchange) {
        let reply = exchange.reply
        var headers: [String: String] = [:]
        for (name, value) in reply.headers { headers[name.lowercased(), default: value] = value }
        let request = exchange.requestBody.flatMap { body in
            body.readableBytes <= Self.requestBytesMax ? String(buffer: body) : nil
        }
        let line = Line(
            method: exchange.method, target: exchange.target, requestBody: request, status: reply.status,
            headers: headers, body: reply.text)
        do {
            let bytes = try WireJSON.encoder.encode(line) + Data("\n".utf8)
            try file.withLock { try $0.write(contentsOf: bytes) }
        } catch {
            FileHandle.standardError.write(Data("cannot record an exchange: \(error)\n".utf8))
        }
    }
}
