/// Where epochs of fencing tokens are kept: a store that does not forget when Redis does.
public protocol FencingEpochSource: Sendable {
    /// Raises the epoch of `scope` durably and returns the new one, which was never returned before.
    ///
    /// Values are from 1 to 2²². It is called when Redis has lost the scope's counter, not for every lock.
    func raiseEpoch(scope: String) async throws -> Int64
}
