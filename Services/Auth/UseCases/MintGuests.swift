import Contracts
import ServiceKit

/// Makes guests: users without an account, who may hold and buy.
struct MintGuests: Sendable {
    static let batchMax = 10_000

    let users: UserStore
    let issuer: SessionIssuer
    let clock: any WallClock

    /// One guest with a session.
    func one() async throws -> SignInReply {
        try await issuer.begin(guest(clock.now()), isNewGuest: true)
    }

    /// Many guests in one write, without sessions; 422 for a count that cannot be.
    func many(_ request: GuestBatchRequest) async throws -> GuestBatchReply {
        guard (1...Self.batchMax).contains(request.count) else {
            throw Problem.invalid("count", "must be from 1 to \(Self.batchMax)")
        }
        let now = clock.now()
        let guests = (0..<request.count).map { _ in guest(now) }
        try await users.insert(guests: guests)
        return GuestBatchReply(
            guests: guests.map { GuestBatchReply.Guest(accessToken: issuer.accessToken(of: $0), user: $0.document) })
    }

    private func guest(_ now: Timestamp) -> User {
        User(id: UUIDv7.make(at: now), email: nil, name: nil, role: .guest, createdAt: now)
    }
}
