import HTTPKit
import NIOCore

/// The side of a forwarded request that the client is on.
protocol ExchangeClient: AnyObject {
    func responseInterim(_ head: ResponseHead)
    func responseHead(_ head: ResponseHead, framing: BodyFraming)
    func responseBody(_ bytes: ByteBuffer)
    /// All that has come was told; it can be sent.
    func responsePaused()
    func responseEnded()
    func responseFailed(_ failure: UpstreamFailure)
    /// The service can take more of the request's body, or not for now.
    func requestRoomChanged()
}
