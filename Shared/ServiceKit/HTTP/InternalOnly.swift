package import Hummingbird

/// Lets only other services in.
///
/// ``ServiceResponder`` has verified the token of every request under `/internal/` before the router sees it; this
/// refuses whatever reached such a route under another spelling of its path.
package struct InternalOnly: RouterMiddleware {
    package typealias Context = ServiceContext

    package init() {}

    package func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard context.caller != nil else { throw Problem.unauthorized("this address is for services") }
        return try await next(request, context)
    }
}

extension RouterMethods where Context == ServiceContext {
    /// The group of routes under `/internal` that only services may call.
    package func internalRoutes() -> RouterGroup<ServiceContext> {
        group("internal").add(middleware: InternalOnly())
    }
}
