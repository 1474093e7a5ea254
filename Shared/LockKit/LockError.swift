public import RedisKit

/// Why locks were not granted.
public enum LockError: Error, Sendable {
    /// The request breaks a rule of ``LockService/Configuration``; the text says which.
    case invalidRequest(String)
    /// Another holds these of the resources, all of them named.
    case held(resources: [String])
    /// Redis gave no usable answer. When the outcome is unknown, the locks are being released in the background.
    case backend(RedisError)
    /// The fencing counter was lost and could not be started again; the text says why.
    case fenceUnavailable(String)
    /// The grant came so late that its lease was over; it was given back.
    case acquiredTooLate
    /// The task was cancelled while it waited; nothing is held.
    case cancelled
    /// Locks that were held were lost before they were given back; whatever was done since may clash with another.
    case lost(LockLoss)
}

extension LockError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidRequest(let reason): "invalid lock request: \(reason)"
        case .held(let resources): "held by another: \(resources.joined(separator: ", "))"
        case .backend(let error): "locks are unavailable: \(error)"
        case .fenceUnavailable(let reason): "no fencing token: \(reason)"
        case .acquiredTooLate: "the locks came after their lease"
        case .cancelled: "cancelled while waiting for locks"
        case .lost(let loss): "the locks were lost: \(loss)"
        }
    }
}
