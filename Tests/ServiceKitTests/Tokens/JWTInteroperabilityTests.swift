import Contracts
import Crypto
import Foundation
import JWTKit
import TestSupport
import Testing

@testable import ServiceKit

/// Our tokens are ordinary JWTs: an independent implementation reads them, and we read its tokens of the same form.
@Suite struct JWTInteroperabilityTests {
    struct Claims: JWTPayload {
        var iss: IssuerClaim
        var aud: AudienceClaim
        var sub: SubjectClaim
        var role: String
        var iat: IssuedAtClaim
        var exp: ExpirationClaim

        func verify(using algorithm: some JWTAlgorithm) async throws {
            try exp.verifyNotExpired()
        }
    }

    private let keys = KeyRing.random()
    private let clock = SystemClock()

    private func collection() async -> JWTKeyCollection {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let key = HMACKey(key: keys.signing.secret)
        return await JWTKeyCollection().add(
            hmac: key, digestAlgorithm: .sha256, kid: "k1",
            serializer: DefaultJWTSerializer(jsonEncoder: encoder))
    }

    @Test func `jwt-kit verifies what we mint`() async throws {
        let token = UserTokens(keys: keys, clock: clock).mint(userID: "u-7", role: .admin, lifetime: .seconds(60))
        let claims = try await collection().verify(token, as: Claims.self)
        #expect(claims.sub.value == "u-7")
        #expect(claims.role == "admin")
        #expect(claims.iss.value == "holdfast")
    }

    @Test func `we verify what jwt-kit signs in our form, and nothing it signs in another`() async throws {
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let claims = Claims(
            iss: "holdfast", aud: "holdfast", sub: "u-8", role: "user", iat: .init(value: now),
            exp: .init(value: now.addingTimeInterval(60)))
        let header: JWTHeader = ["alg": "HS256", "typ": "at+jwt", "kid": "k1"]
        let collection = await collection()
        let tokens = UserTokens(keys: keys, clock: clock)
        let token = try await collection.sign(claims, kid: "k1", header: header)
        #expect(try tokens.verify(token) == Identity(userID: "u-8", role: .user))
        let plain = try await collection.sign(claims, kid: "k1")
        #expect(throws: TokenError.invalid) { try tokens.verify(plain) }
    }

    @Test func `our encoding of bytes is the standard one`() {
        for count in 0...70 {
            let bytes = SecureRandom.bytes(count)
            let standard = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
            #expect(String(decoding: Base64URL.encode(bytes), as: UTF8.self) == standard)
            #expect(Base64URL.decode(Array(standard.utf8)) == bytes)
        }
        for text in ["A", "AAAAA", "AB=", "A+", "A/", "AB", " AA", "AAB"] {
            #expect(Base64URL.decode(Array(text.utf8)) == nil, "\(text)")
        }
    }
}
