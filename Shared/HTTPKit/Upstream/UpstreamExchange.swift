package import NIOCore

/// One request and its response, as seen by whoever wants it: the client's caller or the gateway's client.
///
/// Every call comes on the event loop of the pool. After `finished` or `failed` no other call comes.
package protocol UpstreamExchange: AnyObject {
    /// When waiting for a connection, and then for the response, has to end; read when it is leased.
    var deadline: NIODeadline { get }
    /// The connection is the exchange's until the response has ended; it now begins and sends.
    func leased(_ connection: UpstreamConnection)
    /// A 1xx response came; the final one follows.
    func received(interim: ResponseHead)
    func received(head: ResponseHead, framing: BodyFraming)
    func received(body: ByteBuffer)
    /// Everything that had come so far was told; a good moment to pass it on.
    func receivedAll()
    /// The response is complete; the connection is back in the pool or closed.
    func finished()
    /// There will be no (complete) response.
    func failed(_ failure: UpstreamFailure)
    /// The connection can take more of the request's body, or should be given no more for now.
    func upstreamWritabilityChanged(isWritable: Bool)
}
