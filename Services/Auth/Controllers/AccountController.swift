import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Accounts and their sessions over HTTP.
///
/// No route here keeps replies for idempotency keys: a kept reply would hold tokens. Repeating is safe without:
/// a second registration is told that the email is taken, a second sign-in is another session.
struct AccountController: Sendable {
    let registration: Register
    let signIn: SignIn
    let renewal: RefreshSession
    let sessions: SessionStore
    let users: UserStore
    let clock: any WallClock
    let trustedProxies: TrustedProxies

    func addRoutes(to group: RouterGroup<ServiceContext>) {
        group
            .post("register", use: register)
            .post("login", use: login)
            .post("refresh", use: refresh)
            .post("logout", use: logout)
            .get("me", use: me)
    }

    @Sendable private func register(_ request: Request, _ context: ServiceContext) async throws -> Reply<SignInReply> {
        let account = try await request.decode(as: RegisterRequest.self, context: context)
        let guest = context.identity?.role == .guest ? context.identity : nil
        let address = context.clientAddress(of: request, trustedProxies: trustedProxies)
        return .secret(try await registration.perform(account, guest: guest, from: address), status: .created)
    }

    @Sendable private func login(_ request: Request, _ context: ServiceContext) async throws -> Reply<SignInReply> {
        let credentials = try await request.decode(as: LoginRequest.self, context: context)
        let address = context.clientAddress(of: request, trustedProxies: trustedProxies)
        return .secret(try await signIn.perform(credentials, from: address))
    }

    @Sendable private func refresh(_ request: Request, _ context: ServiceContext) async throws -> Reply<SignInReply> {
        let token = try await request.decode(as: RefreshRequest.self, context: context)
        return .secret(try await renewal.perform(token, log: context.log))
    }

    @Sendable private func logout(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        if let sessionID = identity.sessionID {
            try await sessions.end(sessionID, of: identity.userID, at: clock.now())
        }
        return .noContent
    }

    @Sendable private func me(_ request: Request, _ context: ServiceContext) async throws -> Reply<UserDocument> {
        let identity = try context.requireIdentity()
        guard let user = try await users.user(id: identity.userID) else {
            throw Problem.unauthorized("this account does not exist any more")
        }
        return Reply(user.fullDocument)
    }
}

extension Reply where Value == SignInReply {
    /// A reply with tokens, which nobody on the way may keep.
    static func secret(_ value: SignInReply, status: HTTPResponse.Status = .ok) -> Reply {
        Reply(value, status: status, headers: [.cacheControl: "no-store"])
    }
}
