import Contracts
import Synchronization

/// Carries a sign-in from one run of the service to the next.
final class Box: Sendable {
    private let reply = Mutex<SignInReply?>(nil)

    func set(_ new: SignInReply) { reply.withLock { $0 = new } }

    func get() -> SignInReply? { reply.withLock { $0 } }
}
