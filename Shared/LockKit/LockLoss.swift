public import RedisKit

/// How locks were lost while their holder worked.
public enum LockLoss: Sendable, Equatable {
    /// Redis has not all of them any more: it forgot some, or others have them.
    case taken(gone: Int, takenByAnother: Int)
    /// The lease ended without a renewal: Redis gave no usable answer, or this process stood still.
    case leaseOver(RedisError?)
    /// They were held as long as the caller allowed.
    case heldTooLong
}

extension LockLoss: CustomStringConvertible {
    public var description: String {
        switch self {
        case .taken(let gone, let taken): "\(gone) are gone, \(taken) are another's"
        case .leaseOver(let error): "the lease ended" + (error.map { ", for \($0)" } ?? "")
        case .heldTooLong: "held longer than was allowed"
        }
    }
}
