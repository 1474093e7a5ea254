import Contracts
import HTTPKit
import HTTPTypes
package import Hummingbird
import Logging

/// Everything that happens around a route, in one place and one order: trace, deadline, body limit, identity, the
/// route itself, problem documents, metrics and the access log.
///
/// One responder around the router instead of a chain of middlewares: each link of such a chain costs closures and
/// copies for every request, and these steps belong to every request anyway.
package struct ServiceResponder: HTTPResponder {
    package typealias Context = ServiceContext

    private let router: RouterResponder<ServiceContext>
    private let routes: RouteTable
    private let requestTimeout: Duration
    let bodyBytesMax: Int
    private let userTokens: UserTokens
    private let internalTokens: InternalTokens
    private let watch: DeadlineWatch
    private let metrics: RequestMetrics
    private let logger: Logger

    /// Wraps `router`, to which nothing can be added any more.
    package init(_ router: Router<ServiceContext>, _ environment: ServiceEnvironment) {
        routes = RouteTable(router)
        self.router = router.buildResponder()
        requestTimeout = environment.common.requestTimeout
        bodyBytesMax = environment.common.bodyBytesMax
        userTokens = environment.userTokens
        internalTokens = environment.internalTokens
        watch = environment.deadlineWatch
        metrics = RequestMetrics(environment.metrics)
        logger = environment.logger
    }

    package func respond(to request: Request, context: ServiceContext) async throws -> Response {
        let started = ContinuousClock.now
        var context = context
        context.maxUploadSize = bodyBytesMax
        context.traceparent = TraceParent(continuing: request.headers[.traceparent])
        context.deadline = deadline(of: request)
        let scope = context
        let (result, expired) = await watch.run(until: context.deadline) {
            try await admit(request, scope)
        }
        let response: Response
        switch result {
        case .success(let success):
            try await FaultPoint.reach("service.answered")
            response = success
        case .failure(let lost as LostReply): throw lost
        case .failure(let error): response = refusal(error, request, context, expired: expired)
        }
        record(request, context, response, ContinuousClock.now - started)
        return response
    }

    /// The service's own limit, or less when the caller waits less.
    private func deadline(of request: Request) -> Deadline {
        guard let text = request.headers[.requestDeadline], let milliseconds = Int64(text), milliseconds >= 0 else {
            return .after(requestTimeout)
        }
        return .after(min(requestTimeout, .milliseconds(milliseconds)))
    }

    private func admit(_ request: Request, _ context: ServiceContext) async throws -> Response {
        var context = context
        if let text = request.headers[.contentLength], let length = Int(text), length > bodyBytesMax {
            throw Problem.payloadTooLarge(bodyBytesMax)
        }
        let isInternal = request.head.path?.utf8.starts(with: "/internal/".utf8) ?? false
        if isInternal {
            context.caller = try caller(request, context)
        } else if let authorization = request.headers[.authorization] {
            context.identity = try identity(authorization, context)
        }
        let response = try await router.respond(to: request, context: context)
        guard response.status.code >= 400, response.headers[.contentType] != ProblemDocument.mediaType,
            context.endpointPath != Health.readyPath
        else { return response }
        return bareRefusal(response, request, context)
    }

    private func caller(_ request: Request, _ context: ServiceContext) throws(Problem) -> ServiceName {
        guard let token = request.headers[.authorization].flatMap(Self.bearerToken) else {
            throw .unauthorized("this address is for services")
        }
        do {
            return try internalTokens.verify(token)
        } catch {
            context.log.warning("refused an internal token", metadata: ["reason": "\(error)"])
            throw .unauthorized("this address is for services")
        }
    }

    private func identity(_ authorization: String, _ context: ServiceContext) throws(Problem) -> Identity {
        guard let token = Self.bearerToken(authorization) else { throw .unauthorized() }
        do {
            return try userTokens.verify(token)
        } catch {
            context.log.debug("refused a token", metadata: ["reason": "\(error)"])
            throw .unauthorized("the access token is not valid any more or never was")
        }
    }

    /// The token of `Bearer token`; the scheme's name has no case (RFC 9110 §11.1).
    static func bearerToken(_ authorization: String) -> String? {
        if authorization.utf8.starts(with: "Bearer ".utf8) { return String(authorization.dropFirst(7)) }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].count == 6, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// A refusal of the router or of Hummingbird itself, as a problem document.
    private func bareRefusal(_ response: Response, _ request: Request, _ context: ServiceContext) -> Response {
        let path = request.uri.path
        guard response.status == .notFound, context.endpointPath == RequestMetrics.unmatched else {
            return Problem(status: response.status).response(instance: path)
        }
        let methods = routes.methods(at: path)
        guard !methods.isEmpty else { return Problem(status: .notFound).response(instance: path) }
        var refusal = Problem(status: .methodNotAllowed).response(instance: path)
        refusal.headers[.allow] = methods.joined(separator: ", ")
        return refusal
    }

    private func refusal(
        _ error: any Error, _ request: Request, _ context: ServiceContext, expired: Bool
    ) -> Response {
        let mapped = Problem(mapping: error, deadlinePassed: expired, bodyBytesMax: bodyBytesMax)
        // Whatever a cancelled call made of its cancellation, the reason is that the time was over.
        let problem = expired && mapped.status.code >= 500 ? Problem.deadlineExceeded : mapped
        if problem.status == .internalServerError {
            context.log.error(
                "request failed",
                metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(error)"])
        }
        var response = problem.response(instance: request.uri.path)
        if expired { response.headers[.connection] = "close" }
        return response
    }

    private func record(_ request: Request, _ context: ServiceContext, _ response: Response, _ duration: Duration) {
        let route = context.endpointPath ?? RequestMetrics.unmatched
        metrics.record(request.method, route: route, status: response.status.code, duration)
        let level: Logger.Level = response.status.code >= 500 ? .warning : .debug
        guard logger.logLevel <= level else { return }
        context.log.log(
            level: level, "\(request.method) \(request.uri.path) \(response.status.code)",
            metadata: ["route": "\(route)", "milliseconds": "\(duration.wholeMicroseconds / 1000)"])
    }
}
