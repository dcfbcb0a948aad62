// The camera: its picture is shown, and one frame is taken. Nothing is recorded.
const PROBLEMS = {
  NotAllowedError: "The camera is blocked. Allow it for this page in the browser, or upload a picture.",
  NotFoundError: "No camera was found: upload a picture instead.",
  NotReadableError: "Another program uses the camera: close it, or upload a picture.",
}

export class Camera {
  constructor(video) {
    this.video = video
    this.stream = null
    this.wanted = false
  }

  // Show what the camera sees. Throws an Error whose message says what the user can do.
  async start() {
    this.wanted = true
    if (!navigator.mediaDevices) throw new Error("The camera needs HTTPS or localhost: upload a picture instead.")
    let stream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false })
    } catch (cause) {
      throw new Error(PROBLEMS[cause.name] ?? `The camera does not start (${cause.message}): upload a picture instead.`, { cause })
    }
    this.release()
    this.stream = stream
    if (!this.wanted) return this.release() // the user has gone on meanwhile
    this.video.srcObject = stream
    await this.video.play()
  }

  stop() {
    this.wanted = false
    this.release()
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.video.srcObject = this.stream = null
  }
}
