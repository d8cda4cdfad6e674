// Two soft notes, made here: there is no file to load, and none to license.
const notes = [[660, 0], [880, 0.12]];
const length = 0.32;
const loudness = 0.08;
let context;

/** A browser that was not touched yet stays silent. */
export function beep() {
  const AudioContext = globalThis.AudioContext;
  if (!AudioContext) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => {});
  for (const [frequency, after] of notes) {
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    const at = context.currentTime + after;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
  }
}
