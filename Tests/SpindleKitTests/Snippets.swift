import SpindleKit

// The Swift code of README.md and of the articles, so that it compiles. DocumentationTests holds both
// against each other; nothing here is run.

func look() async throws {
    for drive in await Drive.all {
        print(drive.path, drive.vendor, drive.product, try await drive.disc.state)
    }
}

func rip() async throws {
    let rip = Rip("/dev/sr0", to: "disc.iso")
    for try await event in rip.events {
        switch event {
        case .plan(let plan): print("\(plan.sectors ?? 0) sectors will be read.")
        case .progress(let progress):
            print("\(progress.bytes) of \(progress.totalBytes ?? 0) bytes")
        case .message(let message): print(message.text)
        case .result(let result): print(result.status, result.sha256 ?? "")
        }
    }
}

func burnAndConvert() async throws {
    let burned = try await Burn("debian.iso", in: "/dev/sr0").run()
    print(burned.status == .verified, burned.sentences)

    do {
        _ = try await Convert("album.cue", to: "album.iso").run()
    } catch {
        print(error.reason == .loss, error.what, error.meaning, error.advice)
    }
}

func stop() async throws {
    let task = Task { try await Rip("/dev/sr0", to: "disc.iso").run() }
    try await Task.sleep(for: .seconds(60))
    task.cancel()
}

func verify() async throws {
    let result = try await Verify("disc.iso", against: "SHA256SUMS").run()
    guard result.status == .verified else { return print(result.sentences) }
}

func inspect() async throws {
    let disc = try await Disc("/dev/sr0")
    guard disc.state == .complete || disc.state == .appendable else {
        return print("There is nothing to read: \(disc.state)")
    }
    print(disc.medium?.displayName ?? "unknown", disc.tracks.count, "tracks")
}

func ripAudio() async throws {
    var rip = Rip("/dev/sr0", to: "album.cue")
    rip.retries = 3
    let result = try await rip.run()
    switch result.status {
    case .done: print("Every sector was read: \(result.sha256 ?? "")")
    case .incomplete:
        print("\(result.unreadableSectors ?? 0) sectors are zeros, listed in \(result.map ?? "")")
    default: print(result.sentences)
    }
}

func burn() async throws {
    let result = try await Burn("debian.iso", in: "/dev/sr0").run()
    switch result.status {
    case .verified: print("The disc was read back and every sector is right.")
    case .notVerified: print("The disc was written, and could not be checked.")
    default: print(result.sentences)
    }
}

func look(at plan: Void) async throws {
    for try await event in Burn("album.cue", in: "/dev/sr0").events {
        if case .plan(let plan) = event, plan.medium != "cd-r" { break }
        if case .result(let result) = event { print(result.status) }
    }
}

func agree() async throws {
    do {
        _ = try await Burn("debian.iso", in: "/dev/sr0").run()
    } catch {
        print(error.reason == .consent, error.advice)
    }

    var burn = Burn("debian.iso", in: "/dev/sr0")
    burn.overwrites = true
    print(try await burn.run().status)
}

func lose() async throws {
    do {
        _ = try await Convert("album.cue", to: "album.iso").run()
    } catch {
        print(error.reason == .loss, error.what)
    }

    var conversion = Convert("album.cue", to: "album.iso")
    conversion.allowsLoss = true
    let result = try await conversion.run()
    for loss in result.losses ?? [] { print(loss.feature, loss.tracks, loss.text) }
}

func withoutDrive() async throws {
    try SoftwareDrive.makeDisc("my.disc", .dvdPlusR)
    let status = try await SoftwareDrive.run(
        ["spindle", "burn", "debian.iso"],
        discs: ["my.disc"],
        faults: ["read lba=1000-1010 sense=3/11/05"]
    )
    let disc = try await Disc("my.disc")
    print(status, disc.state)
}
