/// Thrown to close the connection without an answer, as a network that fails at the worst moment would.
package struct LostReply: Error {
    package init() {}
}
