import Contracts
import Foundation

/// The claims that both kinds of token carry, and the rules for time that both obey.
struct TokenClaims: Sendable, Decodable {
    let iss: String
    let aud: String
    let iat: Int64
    let exp: Int64
    let nbf: Int64?
    let sub: String?
    let role: UserRole?
    let sid: String?

    /// How far two machines' clocks may differ before a fresh token is refused. An end is never extended by it.
    static let clockSkewSeconds: Int64 = 30

    /// Throws unless the token may be used at `now`.
    func checkTime(at now: Timestamp) throws(TokenError) {
        guard now.seconds < exp else { throw .expired }
        let latestStart = now.seconds + Self.clockSkewSeconds
        guard iat <= latestStart, (nbf ?? iat) <= latestStart else { throw .notYetValid }
    }

    /// Reads the claims of a payload whose MAC was found right.
    static func decode(_ payload: [UInt8]) throws(TokenError) -> TokenClaims {
        do {
            return try WireJSON.decoder.decode(TokenClaims.self, from: .init(payload))
        } catch {
            throw .wrongClaims
        }
    }
}
