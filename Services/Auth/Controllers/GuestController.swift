import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Guests over HTTP.
struct GuestController: Sendable {
    let mint: MintGuests
    let limiter: RateLimiter
    let clock: any WallClock
    let trustedProxies: TrustedProxies

    func addRoutes(to group: RouterGroup<ServiceContext>) {
        group
            .post("guest", use: one)
            .post("guest/batch", use: batch)
    }

    @Sendable private func one(_ request: Request, _ context: ServiceContext) async throws -> Reply<SignInReply> {
        let address = context.clientAddress(of: request, trustedProxies: trustedProxies)
        if case .refused(let wait) = limiter.admit(address.limitKey, at: clock.now()) {
            throw Problem.tooManyRequests(
                code: "too-many-guests", detail: "too many guests from this address", retryAfter: wait.retryAfterSeconds
            )
        }
        return .secret(try await mint.one(), status: .created)
    }

    @Sendable private func batch(_ request: Request, _ context: ServiceContext) async throws -> Reply<GuestBatchReply> {
        try context.requireAdmin()
        let wish = try await request.decode(as: GuestBatchRequest.self, context: context)
        return Reply(try await mint.many(wish), status: .created, headers: [.cacheControl: "no-store"])
    }
}
