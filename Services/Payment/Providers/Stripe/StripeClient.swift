import AsyncHTTPClient
import Contracts
import Crypto
import Foundation
import HTTPKit
import Logging
import NIOCore
import NIOHTTP1

/// Talks to Stripe: form in, JSON out, every failure a ``StripeError``.
///
/// Neither the secret key nor a body is ever logged, and nothing of a message that could quote them.
struct StripeClient: Sendable, CustomStringConvertible {
    private let http: AsyncHTTPClient.HTTPClient
    private let baseURL: String
    private let authorization: String
    private let logger: Logger

    /// More than any of Stripe's answers that are asked for.
    private static let replyBytesMax = 1 << 20
    private static let connectTimeout = TimeAmount.seconds(3)
    /// The longest pause within a reply: as long as any call may take.
    private static let readTimeout = TimeAmount.seconds(60)
    private static let connectionsMax = 64

    /// - Parameter baseURL: such as `https://api.stripe.com`, without a slash at its end
    init(baseURL: String, secretKey: String, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        var configuration = AsyncHTTPClient.HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectTimeout, read: Self.readTimeout))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connectionsMax
        http = AsyncHTTPClient.HTTPClient(
            eventLoopGroupProvider: .shared(eventLoopGroup), configuration: configuration)
        self.baseURL = baseURL
        authorization = "Bearer " + secretKey
        self.logger = logger
    }

    var description: String { "StripeClient(\(baseURL))" }

    /// Closes its connections.
    func shutdown() async {
        do {
            try await http.shutdown()
        } catch {
            logger.warning("connections to the payment provider did not close", metadata: ["error": "\(error)"])
        }
    }

    /// Reads an object.
    func get<Reply: Decodable>(
        _ path: String, until deadline: Deadline, returning _: Reply.Type = Reply.self
    ) async throws(StripeError) -> Reply {
        try await send(.GET, path, nil, key: nil, until: deadline)
    }

    /// Makes or moves an object, once for each idempotency key.
    func post<Reply: Decodable>(
        _ path: String, _ form: StripeForm = StripeForm(), key: String? = nil, until deadline: Deadline,
        returning _: Reply.Type = Reply.self
    ) async throws(StripeError) -> Reply {
        try await send(.POST, path, form, key: key, until: deadline)
    }

    private func send<Reply: Decodable>(
        _ method: HTTPMethod, _ path: String, _ form: StripeForm?, key: String?, until deadline: Deadline
    ) async throws(StripeError) -> Reply {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        request.headers.add(name: "Authorization", value: authorization)
        if let key { request.headers.add(name: "Idempotency-Key", value: Self.fitting(key)) }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form.encoded))
        }
        let (status, body) = try await perform(request, until: deadline)
        guard (200..<300).contains(status) else {
            let error = Self.error(status, body)
            log(error, method, path)
            throw error
        }
        do {
            return try JSONDecoder().decode(Reply.self, from: Data(body.readableBytesView))
        } catch {
            log(.malformedReply, method, path)
            throw .malformedReply
        }
    }

    private func perform(
        _ request: HTTPClientRequest, until deadline: Deadline
    ) async throws(StripeError) -> (status: Int, body: ByteBuffer) {
        do {
            // The client's own deadline ends with the reply's head; the body has to come by then as well.
            return try await deadline.bound {
                let response = try await http.execute(request, deadline: deadline.instant)
                return (Int(response.status.code), try await response.body.collect(upTo: Self.replyBytesMax))
            }
        } catch let error as AsyncHTTPClient.HTTPClientError {
            throw .unavailable(reason: error.shortDescription)
        } catch {
            throw .unavailable(reason: String(describing: type(of: error)))
        }
    }

    /// Stripe takes keys of up to 255 characters; a longer one is told by its digest.
    private static func fitting(_ key: String) -> String {
        key.utf8.count <= 255 ? key : Hexadecimal.encode(Array(SHA256.hash(data: Array(key.utf8))))
    }

    /// What a refusal means; Stripe's codes have few characters, and what has others is not repeated.
    private static func error(_ status: Int, _ body: ByteBuffer) -> StripeError {
        let failure = try? JSONDecoder().decode(StripeFailure.self, from: Data(body.readableBytesView)).error
        let code = failure?.code.flatMap(code) ?? failure?.type.flatMap(code) ?? "status_\(status)"
        switch status {
        case 401, 403: return .unauthorized
        case 402: return .declined(code: failure?.declineCode.flatMap(Self.code) ?? code)
        case 409, 429, 500...: return .unavailable(reason: code)
        default: return .refused(status: status, code: code)
        }
    }

    private static func code(_ text: String) -> String? {
        let isCode =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
            }
        return isCode ? text : nil
    }

    private func log(_ error: StripeError, _ method: HTTPMethod, _ path: String) {
        let level: Logger.Level = error == .unauthorized ? .error : .debug
        logger.log(
            level: level, "the payment provider refused a request",
            metadata: ["method": "\(method)", "path": "\(path)", "error": "\(error)"])
    }
}
