import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceKit
import TestSupport

/// A responder with routes of a test's own, called without sockets.
struct ResponderHarness {
    let test: TestEnvironment
    let responder: ServiceResponder

    init(
        settings: [String: String] = [:], readiness: [ReadinessCheck] = [],
        _ addRoutes: (Router<ServiceContext>) -> Void
    ) throws {
        test = try TestEnvironment(.inventory, settings: settings)
        let router = test.environment.makeRouter()
        addRoutes(router)
        responder = RunningService.responder(ServiceParts(router: router, readiness: readiness), test.environment)
    }

    func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await Application(responder: responder, logger: logger).test(.router, body)
    }
}

extension TestResponse {
    var problem: ProblemDocument? { try? WireJSON.decode(ProblemDocument.self, from: body) }

    var isProblem: Bool { headers[.contentType] == ProblemDocument.mediaType && problem?.status == status.code }
}
