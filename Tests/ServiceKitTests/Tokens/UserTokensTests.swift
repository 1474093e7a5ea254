import Contracts
import Crypto
import Foundation
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct UserTokensTests {
    private let keys = KeyRing.random()
    private let clock = ManualClock()
    private var tokens: UserTokens { UserTokens(keys: keys, clock: clock) }

    @Test func `a minted token proves its user and role`() throws {
        let token = tokens.mint(userID: "u-1", role: .guest, lifetime: .seconds(60))
        #expect(try tokens.verify(token) == Identity(userID: "u-1", role: .guest))
    }

    @Test func `a user id with quotes stays a user id`() throws {
        let id = #"x","role":"admin"#
        let identity = try tokens.verify(tokens.mint(userID: id, role: .user, lifetime: .seconds(60)))
        #expect(identity == Identity(userID: id, role: .user))
    }

    @Test func `a token ends at its end, also when it was verified before`() throws {
        let tokens = tokens
        let token = tokens.mint(userID: "u", role: .user, lifetime: .seconds(60))
        #expect(try tokens.verify(token).userID == "u")
        clock.advance(by: .seconds(59))
        #expect(try tokens.verify(token).userID == "u")
        clock.advance(by: .seconds(1))
        #expect(throws: TokenError.expired) { try tokens.verify(token) }
        #expect(throws: TokenError.expired) { try UserTokens(keys: keys, clock: clock).verify(token) }
    }

    @Test func `a start up to thirty seconds ahead is a clock's difference, a later one is refused`() throws {
        #expect(try verify(claims(iat: 30)).userID == "u")
        #expect(throws: TokenError.notYetValid) { try verify(claims(iat: 31)) }
        #expect(throws: TokenError.notYetValid) { try verify(claims(extra: #","nbf":\#(now + 31)"#)) }
    }

    @Test func `a header with another algorithm, none, or an embedded key is refused`() throws {
        let mac = keys.signing.secret
        for header in [
            #"{"alg":"none","kid":"k1","typ":"at+jwt"}"#, #"{"alg":"HS384","kid":"k1","typ":"at+jwt"}"#,
            #"{"alg":"RS256","kid":"k1","typ":"at+jwt"}"#,
            #"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"kid":"k1","typ":"at+jwt"}"#,
            #"{"alg":"HS256","kid":"k1","typ":"at+jwt","x5u":"http://evil"}"#,
            #"{"alg":"HS256","jku":"http://evil","kid":"k1","typ":"at+jwt"}"#,
            #"{"alg":"HS256","kid":"k1","typ":"JWT"}"#, #"{"alg":"HS256","kid":"k1","typ":"internal+jwt"}"#,
            #"{"alg":"HS256","kid":"k2","typ":"at+jwt"}"#, #"{"alg":"HS256","kid":"k1"}"#,
            #"{ "alg":"HS256","kid":"k1","typ":"at+jwt"}"#,
        ] {
            #expect(throws: TokenError.invalid) { try tokens.verify(Forge.token(header, claims(), mac)) }
        }
    }

    @Test func `a token without a signature or with another one is refused`() throws {
        let token = tokens.mint(userID: "u", role: .user, lifetime: .seconds(60))
        let parts = token.split(separator: ".").map(String.init)
        var flipped = Array(parts[2])
        flipped[0] = flipped[0] == "A" ? "B" : "A"
        for forged in [
            "", ".", "..", "...", parts[0], "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", parts[2],
            "\(parts[0]).\(parts[1]).\(String(flipped))", "\(token)=", "\(token).", "\(token)A",
            "\(parts[0])..\(parts[2])", "\(parts[1]).\(parts[0]).\(parts[2])",
            token + String(repeating: "A", count: 4000), "é\(token)",
        ] {
            #expect(throws: TokenError.invalid, "\(forged)") { try tokens.verify(forged) }
        }
    }

    @Test func `a changed payload or a stranger's key is refused`() throws {
        let token = tokens.mint(userID: "u", role: .user, lifetime: .seconds(60))
        let parts = token.split(separator: ".").map(String.init)
        let admin = Forge.base64URL(claims(role: "admin"))
        #expect(throws: TokenError.invalid) { try tokens.verify("\(parts[0]).\(admin).\(parts[2])") }
        let stranger = UserTokens(keys: .random(), clock: clock).mint(userID: "u", role: .admin, lifetime: .seconds(9))
        #expect(throws: TokenError.invalid) { try tokens.verify(stranger) }
    }

    @Test func `claims for someone else, or without what is needed, are refused`() throws {
        for payload in [
            claims(iss: "other"), claims(aud: "other"), claims(role: "root"), claims(role: "Admin"), claims(sub: ""),
            #"{"iss":"holdfast","aud":"holdfast","role":"user","iat":\#(now),"exp":\#(now + 9)}"#,
            #"{"iss":"holdfast","aud":"holdfast","sub":"u","role":"user","iat":\#(now)}"#,
            #"{"iss":"holdfast","aud":["holdfast"],"sub":"u","role":"user","iat":\#(now),"exp":\#(now + 9)}"#,
            "[]", "nonsense",
        ] {
            #expect(throws: TokenError.wrongClaims, "\(payload)") { try verify(payload) }
        }
    }

    @Test func `an internal token never passes as a user's`() throws {
        let internalTokens = InternalTokens(keys: keys, service: .booking, clock: clock)
        #expect(throws: TokenError.invalid) { try tokens.verify(internalTokens.bearerToken(for: .auth)) }
    }

    @Test func `tokens of an older key still verify, new ones use the first`() throws {
        let hex = [SecureRandom.hexadecimal(bytes: 32), SecureRandom.hexadecimal(bytes: 32)]
        let before = UserTokens(keys: try KeyRing(parsing: "a:\(hex[0])", setting: "K"), clock: clock)
        let after = UserTokens(keys: try KeyRing(parsing: "b:\(hex[1]),a:\(hex[0])", setting: "K"), clock: clock)
        #expect(try after.verify(before.mint(userID: "u", role: .user, lifetime: .seconds(9))).userID == "u")
        #expect(throws: TokenError.invalid) {
            try before.verify(after.mint(userID: "u", role: .user, lifetime: .seconds(9)))
        }
    }

    @Test func `the memory of verified tokens is bounded and keeps what is used`() {
        let cache = VerifiedTokenCache<Int>(entriesMax: 100)
        cache.insert(0, end: 1, for: "hot")
        for number in 1...10_000 {
            cache.insert(number, end: 1, for: "t\(number)")
            #expect(cache.value(for: "hot") != nil)
        }
        #expect(cache.count <= 100)
    }

    @Test func `a text that is too long or not plain is no token`() {
        #expect(!TokenCodec.canBeToken(String(repeating: "a", count: TokenCodec.tokenBytesMax + 1)))
        #expect(!TokenCodec.canBeToken("x\u{301}"))
        #expect(TokenCodec.canBeToken(tokens.mint(userID: "u", role: .user, lifetime: .seconds(9))))
    }

    private var now: Int64 { clock.now().seconds }

    private func claims(
        iss: String = "holdfast", aud: String = "holdfast", sub: String = "u", role: String = "user", iat: Int64 = 0,
        extra: String = ""
    ) -> String {
        #"{"iss":"\#(iss)","aud":"\#(aud)","sub":"\#(sub)","role":"\#(role)","iat":\#(now + iat),"exp":\#(now + 90)\#(extra)}"#
    }

    private func verify(_ payload: String) throws -> Identity {
        let header = #"{"alg":"HS256","kid":"k1","typ":"at+jwt"}"#
        return try tokens.verify(Forge.token(header, payload, keys.signing.secret))
    }
}

/// Makes tokens that no honest party would make.
enum Forge {
    static func base64URL(_ text: String) -> String { String(decoding: Base64URL.encode(text.utf8), as: UTF8.self) }

    static func token(_ header: String, _ payload: String, _ key: SymmetricKey) -> String {
        let signed = "\(base64URL(header)).\(base64URL(payload))"
        let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return "\(signed).\(String(decoding: Base64URL.encode(mac), as: UTF8.self))"
    }
}
