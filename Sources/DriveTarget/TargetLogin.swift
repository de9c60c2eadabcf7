import LibCrypto
import LinuxCalls

/// What initiator and target agree on at the beginning of a session (RFC 7143 §6, §13).
struct TargetLogin {
    /// Bytes that this target takes at once, and that it lets come in a burst.
    static let mostData = 256 << 10

    /// Why a login was refused: class and detail (RFC 7143 §11.13.5).
    struct Refusal: Error {
        let status: UInt8
        let detail: UInt8
        static let authentication = Refusal(status: 2, detail: 1)
        static let notFound = Refusal(status: 2, detail: 3)
        static let missing = Refusal(status: 2, detail: 7)
        static let unsupportedSession = Refusal(status: 2, detail: 9)
        static let initiator = Refusal(status: 2, detail: 0)
    }

    /// Where a login with CHAP is (RFC 7143 §12.1.3).
    private enum Proof {
        case none, wanted, challenged(identifier: UInt8, challenge: [UInt8], DigestAlgorithm), given
    }

    /// Whether it is a session that only asks for the targets there are.
    private(set) var isDiscovery = false
    /// The target that is wanted; `nil` until one is named.
    private(set) var targetName: String?
    /// Who logs in.
    private(set) var initiatorName: String?
    /// Bytes that the initiator takes at once.
    private(set) var mostDataToInitiator = 8192
    /// Bytes in a burst.
    private(set) var burst = TargetLogin.mostData
    /// Bytes that may come with a command or unasked.
    private(set) var firstBurst = 65536
    /// Whether data may come with a command.
    private(set) var takesImmediateData = true

    private let secret: TargetSecret?
    private var proof: Proof
    private var isFirst = true

    init(secret: TargetSecret?) {
        self.secret = secret
        proof = secret == nil ? .none : .wanted
    }

    /// Whether the initiator has shown who it is, or need not.
    var isProven: Bool {
        switch proof {
        case .none, .given: true
        case .wanted, .challenged: false
        }
    }

    /// Answers the keys of one request.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - isSecurity: Whether it is in the stage of security.
    ///   - knows: Whether there is a target of a name.
    /// - Returns: The keys of the answer.
    /// - Throws: ``Refusal``.
    mutating func answer(
        _ keys: TargetKeys,
        isSecurity: Bool,
        knows: (String) -> Bool
    ) throws(Refusal) -> TargetKeys {
        var answer = TargetKeys()
        if isFirst {
            try begin(keys, knows)
            if !isDiscovery { answer.add("TargetPortalGroupTag", "1") }
            isFirst = false
        }
        guard isSecurity || isProven else { throw .authentication }
        for (key, value) in keys.list { try take(key, value, keys, &answer) }
        return answer
    }

    private mutating func begin(_ keys: TargetKeys, _ knows: (String) -> Bool) throws(Refusal) {
        guard let name = keys["InitiatorName"], !name.isEmpty else { throw .missing }
        initiatorName = name
        switch keys["SessionType"] ?? "Normal" {
        case "Discovery": isDiscovery = true
        case "Normal":
            guard let target = keys["TargetName"] else { throw .missing }
            guard knows(target) else { throw .notFound }
            targetName = target
        default: throw .unsupportedSession
        }
    }

    private mutating func take(
        _ key: String,
        _ value: String,
        _ keys: TargetKeys,
        _ answer: inout TargetKeys
    ) throws(Refusal) {
        func number(_ range: ClosedRange<Int>) -> Int? {
            Int(value).flatMap { range.contains($0) ? $0 : nil }
        }
        switch key {
        case "InitiatorName", "InitiatorAlias", "TargetName", "SessionType", "CHAP_N", "CHAP_R":
            if key == "CHAP_R" { try check(keys) }
        case "AuthMethod":
            let methods = value.split(separator: ",")
            let wanted = secret == nil ? "None" : "CHAP"
            guard methods.contains(Substring(wanted)) else { throw .authentication }
            answer.add(key, wanted)
        case "CHAP_A": try challenge(value, &answer)
        case "HeaderDigest", "DataDigest":
            answer.add(key, value.split(separator: ",").contains("None") ? "None" : "Reject")
        case "MaxRecvDataSegmentLength":
            guard let bytes = number(512...0xFF_FFFF) else { throw .initiator }
            mostDataToInitiator = min(bytes, Self.mostData)
            answer.add(key, "\(Self.mostData)")
        case "MaxBurstLength":
            guard let bytes = number(512...0xFF_FFFF) else { throw .initiator }
            burst = min(bytes, Self.mostData)
            firstBurst = min(firstBurst, burst)
            answer.add(key, "\(burst)")
        case "FirstBurstLength":
            guard let bytes = number(512...0xFF_FFFF) else { throw .initiator }
            firstBurst = min(bytes, burst)
            answer.add(key, "\(firstBurst)")
        case "ImmediateData":
            takesImmediateData = value == "Yes"
            answer.add(key, value == "Yes" ? "Yes" : "No")
        case "InitialR2T", "DataPDUInOrder", "DataSequenceInOrder": answer.add(key, "Yes")
        case "MaxConnections", "MaxOutstandingR2T": answer.add(key, "1")
        case "ErrorRecoveryLevel", "DefaultTime2Retain": answer.add(key, "0")
        case "DefaultTime2Wait":
            guard let seconds = number(0...3600) else { throw .initiator }
            answer.add(key, "\(seconds)")
        case "IFMarker", "OFMarker": answer.add(key, "No")
        case "IFMarkInt", "OFMarkInt": answer.add(key, "Irrelevant")
        default: answer.add(key, "NotUnderstood")
        }
    }

    // MARK: CHAP

    private mutating func challenge(_ algorithms: String, _ answer: inout TargetKeys)
        throws(Refusal)
    {
        guard case .wanted = proof else { throw .authentication }
        // 5 is MD5, which every initiator knows, and 7 SHA-256 (RFC 7143 §12.1.3, IANA).
        let known: [(Substring, DigestAlgorithm)] = [("7", .sha256), ("5", .md5)]
        let offered = algorithms.split(separator: ",")
        guard let (number, algorithm) = known.first(where: { offered.contains($0.0) }) else {
            throw .authentication
        }
        let identifier = UInt8.random(in: 0...255)
        let challenge = (0..<32).map { _ in UInt8.random(in: 0...255) }
        proof = .challenged(identifier: identifier, challenge: challenge, algorithm)
        answer.add("CHAP_A", String(number))
        answer.add("CHAP_I", "\(identifier)")
        answer.add("CHAP_C", "0x" + Hexadecimal.text(challenge))
    }

    private mutating func check(_ keys: TargetKeys) throws(Refusal) {
        guard case .challenged(let identifier, let challenge, let algorithm) = proof, let secret,
            keys["CHAP_N"] == secret.user, let response = keys["CHAP_R"].flatMap(Self.bytes)
        else { throw .authentication }
        let expected: [UInt8]
        do {
            var digest = try Digest(algorithm)
            let bytes = [identifier] + secret.secret + challenge
            digest.update(bytes.span)
            expected = digest.finish().bytes
        } catch {
            throw .authentication
        }
        guard response.count == expected.count,
            zip(response, expected).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0
        else { throw .authentication }
        proof = .given
    }

    /// Bytes in hexadecimal or in base 64 (RFC 7143 §6.1); `nil` if they are neither.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count > 2, digits.count < 2048, digits[0] == 0x30 else { return nil }
        switch digits[1] {
        case 0x78, 0x58:
            return Hexadecimal.bytes((digits.count % 2 == 0 ? [] : [0x30]) + digits[2...])
        case 0x62, 0x42: return Base64.decode(String(decoding: digits[2...], as: UTF8.self))
        default: return nil
        }
    }
}

/// Who may log in: a name and a secret that only the initiator and the target know.
public struct TargetSecret: Hashable, Sendable {
    /// The name.
    public let user: String
    /// The secret.
    let secret: [UInt8]

    /// Takes a name and a secret.
    ///
    /// - Returns: `nil` if the secret is shorter than 12 bytes, which RFC 7143 §9.2.1 forbids.
    public init?(user: String, secret: [UInt8]) {
        guard secret.count >= 12, secret.count <= 256, !user.isEmpty else { return nil }
        self.user = user
        self.secret = secret
    }
}
