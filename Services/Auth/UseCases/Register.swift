import Contracts
import Foundation
import ServiceKit

/// Makes an account, out of a guest when one asks.
struct Register: Sendable {
    static let nameLengthMax = 100

    let users: UserStore
    let issuer: SessionIssuer
    let hasher: PasswordHasher
    let throttle: SignInThrottle
    let clock: any WallClock

    /// - Parameters:
    ///   - guest: the guest whose id and bookings the account keeps
    /// - Throws: 422 for the fields, 409 `email-taken` or `already-registered`, 429
    func perform(
        _ request: RegisterRequest, guest: Identity?, from address: ClientAddress
    ) async throws -> SignInReply {
        let account = try Self.validated(request)
        try throttle.admit(address)
        guard try await users.credentials(email: account.email) == nil else { throw Self.emailTaken }
        let hash = try await hasher.hash(account.password).description
        let user = try await store(account, hash, guestID: guest?.userID)
        return try await issuer.begin(user)
    }

    private func store(_ account: Account, _ hash: String, guestID: String?) async throws -> User {
        let now = clock.now()
        let registration: UserStore.Registration
        if let guestID {
            registration = try await users.promote(
                guestID: guestID, email: account.email, name: account.name, passwordHash: hash, at: now)
        } else {
            let user = User(
                id: UUIDv7.make(at: now), email: account.email.text, name: account.name, role: .user, createdAt: now)
            registration = try await users.insert(user, email: account.email, passwordHash: hash)
        }
        switch registration {
        case .registered(let user): return user
        case .emailTaken: throw Self.emailTaken
        case .notAGuest:
            throw Problem.conflict(
                code: "already-registered", title: "Already registered", detail: "this guest has an account; sign in")
        }
    }

    private static let emailTaken = Problem.conflict(
        code: "email-taken", title: "Email taken", detail: "there is an account with this email address")

    private struct Account {
        let email: EmailAddress
        let password: Password
        let name: String?
    }

    private static func validated(_ request: RegisterRequest) throws(Problem) -> Account {
        var errors: [FieldError] = []
        let email = EmailAddress(request.email)
        if email == nil {
            errors.append(
                FieldError("email", "must be an email address of at most \(EmailAddress.lengthMax) characters"))
        }
        var password: Password?
        switch Password.checked(request.password, email: email) {
        case .success(let good): password = good
        case .failure(let refusal): errors.append(FieldError("password", refusal.message))
        }
        let name = request.name?.trimmingCharacters(in: .whitespacesAndNewlines)
        let isPlain = name?.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ?? true
        if !isPlain || (name?.unicodeScalars.count ?? 0) > nameLengthMax {
            errors.append(
                FieldError("name", "must have at most \(nameLengthMax) characters, none of them control ones"))
        }
        guard errors.isEmpty, let email, let password else { throw .invalid(errors) }
        return Account(email: email, password: password, name: name?.isEmpty == true ? nil : name)
    }
}
